/* config.h - from settings to a config.json that is ready to run */
#pragma once
#include <stdbool.h>

#include "base/arena.h"
#include "bundles/owners.h"
#include "bundles/settings.h"
#include "spec/config.h"

/*
 * Fills config from gocker's defaults and the settings. rootless: for the user who calls, not for
 * root; with those owners, or with none, for a single id. hostname stands where the settings have
 * none.
 */
void config_make(const struct settings *settings, const char *hostname, bool rootless,
		 const struct owners *owners, struct arena *arena, struct spec_config *config);
