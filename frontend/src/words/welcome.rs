//! Words of the welcome page and of addresses that lead nowhere.

pub const TAGLINE: &str = "Open a room, share its link, talk.";
pub const ROOM_NAME: &str = "Room name";
pub const ROOM_HINT: &str = "Any name, in any script. It becomes the link that you share.";
pub const YOUR_NAME: &str = "Your name";
pub const LIST_ROOM: &str = "List this room";
pub const LIST_ROOM_HINT: &str = "Everyone who opens this site can see it and come in.";
pub const JOIN: &str = "Join";
pub const SUGGEST: &str = "Suggest a name";
pub const PRIVACY: &str = "Sound, picture and chat go straight between the browsers in a room, encrypted. \
     This server only introduces them to each other.";

pub const OPEN_ROOMS: &str = "Open rooms";
pub const LOADING: &str = "Looking for open rooms…";
pub const NO_ROOMS: &str = "No open rooms right now. Yours could be the first.";
pub const UNREACHABLE: &str =
    "The server cannot be reached. Check your connection; this page keeps trying.";

pub const NOT_FOUND: &str = "There is no room here";
pub const NOT_FOUND_WHY: &str =
    "A room’s link is this site’s address, a slash and the room’s name, with nothing after it.";
pub const BACK_TO_START: &str = "Back to start";
