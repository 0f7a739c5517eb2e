/* exec_format.h - what kind of program a file is, in the eyes of execve(2) */
#pragma once
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

enum exec_kind {
	EXEC_EMPTY,
	EXEC_SCRIPT, /* begins with "#!" */
	EXEC_ELF,
	EXEC_OTHER, /* something that only binfmt_misc could know */
};

struct exec_format {
	enum exec_kind kind;
	/* What has to be executed instead (script) or first (ELF); "": nothing is named. */
	char interpreter[PATH_MAX];
	bool is_crlf;       /* script: a carriage return is part of the interpreter's name */
	bool is_cut;        /* script: the kernel reads too little to see all of that name */
	bool is_damaged;    /* ELF: shorter than its header says */
	bool is_program;    /* ELF: an executable; not an object file, not a core */
	bool is_native;     /* ELF: of the machine and word size that gocker itself is for */
	uint16_t machine;   /* ELF: EM_*, elf(5) */
	unsigned int bits;  /* ELF: 32 or 64 */
};

/*
 * Looks at a regular file, whose content may be hostile: it is read in bounded pieces only.
 * Return: 0, or -errno of pread(2).
 */
int exec_format_read(int fd, struct exec_format *format);

/* Return: the machine's name as uname -m has it ("aarch64"), or NULL for a rare one. */
const char *exec_format_machine_name(uint16_t machine);
