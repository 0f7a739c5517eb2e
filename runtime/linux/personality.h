/* personality.h - which execution domain of Linux the process believes to be in */
#pragma once
#include "base/error.h"
#include "spec/config.h"

/*
 * Sets the domain of this process, personality(2); it outlives execve(2). The specification has no
 * flags yet: any are left out with a warning. Return: 0 or -errno of personality(2).
 */
int personality_set(const struct spec_personality *spec, struct error *err);
