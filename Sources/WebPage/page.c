#include "webpage.h"
extern int reprise_web_page_placeholder;
int reprise_web_page_placeholder;
