/* hooks_output.h - the files that get what the hooks of a container write */
#pragma once
#include "base/error.h"
#include "spec/config.h"

/* Descriptors open for appending; -1: what is written is for the message of a hook that fails. */
struct hooks_output {
	int output, error;
};

#define HOOKS_OUTPUT_NONE { .output = -1, .error = -1 }

/*
 * Opens the files that the annotations run.oci.hooks.stdout and .stderr name, if there are hooks at
 * all. They are made where they are not there, readable for their owner only; relative paths begin
 * at directory, the bundle's. The descriptors are the caller's. Return: 0 or -errno of open(2).
 */
int hooks_output_open(const struct spec_config *config, int directory, struct hooks_output *out,
		      struct error *err);

void hooks_output_close(struct hooks_output *output);

#define auto_hooks_output __attribute__((cleanup(hooks_output_close)))
