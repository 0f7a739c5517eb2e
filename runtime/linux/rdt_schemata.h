/* rdt_schemata.h - the lines of resctrl's schemata files: "L3:0=ff;1=c0" */
#pragma once
#include <stdbool.h>

/*
 * Whether a schemata file says the same as a line, for every domain that the line names. The kernel
 * writes values in its own way: with blanks in front, zeros in front, more domains.
 * Return: whether it does; false where the line is none.
 */
bool rdt_schemata_has(const char *schemata, const char *line);
