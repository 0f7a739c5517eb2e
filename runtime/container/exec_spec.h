/* exec_spec.h - what process an exec is to run */
#pragma once
#include "runtime/container/exec.h"

/*
 * Reads the request's document, or changes the container's own process as the request says. The
 * container's config has been read; strings are in its arena and the request.
 * Return: 0; -EINVAL where a word is wrong; -errno of reading the document.
 */
int exec_spec_make(const struct exec_request *request, struct container *container,
		   struct spec_process *spec, struct error *err);
