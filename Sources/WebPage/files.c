// Each file of the page, put into the program at compile time (C23 #embed), so that the program is one movable file.
#include "webpage.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

#define TEXT(name) static const unsigned char name[] = {
#define END }
TEXT(index_html)
#embed "page/index.html"
END;
TEXT(style_css)
#embed "page/style.css"
END;
TEXT(icon_svg)
#embed "page/icon.svg"
END;
TEXT(app_js)
#embed "page/app.js"
END;
TEXT(token_js)
#embed "page/token.js"
END;
TEXT(dom_js)
#embed "page/dom.js"
END;
TEXT(reprise_js)
#embed "page/reprise.js"
END;
TEXT(fold_js)
#embed "page/fold.js"
END;
TEXT(session_list_js)
#embed "page/session-list.js"
END;
TEXT(session_view_js)
#embed "page/session-view.js"
END;
TEXT(message_list_js)
#embed "page/message-list.js"
END;
TEXT(remark_list_js)
#embed "page/remark-list.js"
END;
TEXT(part_js)
#embed "page/part.js"
END;
TEXT(blobs_js)
#embed "page/blobs.js"
END;
TEXT(card_js)
#embed "page/card.js"
END;
TEXT(card_list_js)
#embed "page/card-list.js"
END;
TEXT(kept_js)
#embed "page/kept.js"
END;
TEXT(outbox_js)
#embed "page/outbox.js"
END;
TEXT(upstream_js)
#embed "page/upstream.js"
END;

#define HTML "text/html; charset=utf-8"
#define CSS "text/css; charset=utf-8"
#define SVG "image/svg+xml"
#define JS "text/javascript; charset=utf-8"
#define FILE(path, type, name) {path, type, name, sizeof name}

static const struct reprise_web_file files[] = {
    FILE("/", HTML, index_html),
    FILE("/style.css", CSS, style_css),
    FILE("/icon.svg", SVG, icon_svg),
    FILE("/app.js", JS, app_js),
    FILE("/token.js", JS, token_js),
    FILE("/dom.js", JS, dom_js),
    FILE("/upstream.js", JS, upstream_js),
    FILE("/reprise.js", JS, reprise_js),
    FILE("/fold.js", JS, fold_js),
    FILE("/session-list.js", JS, session_list_js),
    FILE("/session-view.js", JS, session_view_js),
    FILE("/message-list.js", JS, message_list_js),
    FILE("/remark-list.js", JS, remark_list_js),
    FILE("/part.js", JS, part_js),
    FILE("/blobs.js", JS, blobs_js),
    FILE("/card.js", JS, card_js),
    FILE("/card-list.js", JS, card_list_js),
    FILE("/outbox.js", JS, outbox_js),
    FILE("/kept.js", JS, kept_js),
};
const size_t reprise_web_file_count = sizeof files / sizeof files[0];

const struct reprise_web_file *reprise_web_file_at(size_t index) { return index < reprise_web_file_count ? &files[index] : NULL; }
