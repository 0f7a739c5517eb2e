/* support.h - what config.json may ask for that is read but not acted on yet */
#pragma once
#include "base/error.h"
#include "spec/config.h"

/* Return: 0, or -ENOTSUP with the JSON place of the first such thing: better than silence. */
int support_check(const struct spec_config *config, struct error *err);
