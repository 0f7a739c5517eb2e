/* escape.h - text of others as a part of a line that it cannot end */
#pragma once
#include "base/buf.h"

/* Adds the text for people: control characters as \n or \x1b, so that it never moves the cursor. */
void escape_text(struct buf *line, const char *text);

/* Adds what stands between the quotes of a JSON string; what is not UTF-8 becomes U+FFFD. */
void escape_json(struct buf *line, const char *text);
