/* systemd_variant.h - unit properties that annotations ask for, in the text form of GVariant */
#pragma once
#include "base/arena.h"
#include "base/error.h"
#include "runtime/cgroup/systemd_value.h"
#include "spec/config.h"

/*
 * Reads a value: true, 5, -1.5, 'text', "text", b'bytes', [1, 2], ('a', 3), {'key': 1}, <5>, each
 * with a type word ("uint64 5") or a signature ("@as []") in front where the type is another one
 * than int32, double, string. The first item of an array tells the type of all.
 * Return: 0 or -EINVAL with what is wrong in err.
 */
int systemd_variant_parse(const char *text, struct arena *arena, struct systemd_value *value,
			  struct error *err);

/*
 * Adds the property of every annotation "org.systemd.property.NAME". Where NAME is one that
 * people write in seconds (TimeoutStopSec), the bus has it in microseconds: as runc does, a number
 * is converted, and the name ends in USec.
 * Return: 0 or -EINVAL with the annotation in err.
 */
int systemd_variant_annotations(const struct spec_pair *annotations, size_t len,
				struct systemd_properties *properties, struct error *err);
