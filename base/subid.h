/* subid.h - the ranges of ids that a user was given beside his own, subuid(5) and subgid(5) */
#pragma once
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/error.h"

#define SUBID_UIDS "/etc/subuid"
#define SUBID_GIDS "/etc/subgid"

enum { SUBID_NAME_SIZE = 64 };

struct subid_range {
	uint32_t first, count;
};

/*
 * Reads the caller's ranges from one of the two files, max at most, in the order of the file. Lines
 * that make no sense are passed over, as newuidmap(1) does.
 * Return: how many there are; 0 where the file cannot be read.
 */
size_t subid_read(const char *file, struct subid_range *ranges, size_t max);

/*
 * Says that the caller has no range in the file. ids: "uids" or "gids".
 * Return: -EPERM.
 */
int subid_tell_none(const char *file, const char *ids, struct error *err);

/* The caller's name as /etc/passwd has it; "" where it has none. */
void subid_user_name(char name[SUBID_NAME_SIZE]);
