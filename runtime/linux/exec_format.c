/* exec_format.c - what kind of program a file is, in the eyes of execve(2) */
#include "runtime/linux/exec_format.h"

#include <byteswap.h>
#include <elf.h>
#include <errno.h>
#include <link.h>
#include <string.h>
#include <unistd.h>

#include "base/table.h"

enum {
	HEAD_SIZE = 256, /* BINPRM_BUF_SIZE: all that the kernel looks at to tell the kind */
	PROGRAM_HEADERS_SIZE_MAX = 65536, /* the kernel's limit (fs/binfmt_elf.c) */
};

/* The linker's name for our own header. */
extern const ElfW(Ehdr) __ehdr_start __attribute__((visibility("hidden")));

/* fs/binfmt_script.c: blanks, then a name up to a blank, the end of line or a NUL. */
static void read_script(const char *head, size_t len, struct exec_format *format)
{
	const char *name = head + 2 + strspn(head + 2, " \t");
	size_t name_len = strcspn(name, " \t\n");

	format->kind = EXEC_SCRIPT;
	format->is_cut = len == HEAD_SIZE && name + name_len == head + HEAD_SIZE;
	format->is_crlf = name_len && name[name_len - 1] == '\r';
	memcpy(format->interpreter, name, name_len);
	format->interpreter[name_len] = 0;
}

/*
 * Both word sizes have what is wanted of a program header, at different places.
 * Return: 1, 0 where the file is too short, -errno.
 */
static int read_program_header(int fd, off_t place, bool is_64, Elf64_Phdr *header)
{
	Elf32_Phdr small;
	ssize_t len = is_64 ? pread(fd, header, sizeof(*header), place) :
			      pread(fd, &small, sizeof(small), place);

	/* EINVAL: a place beyond the largest file. */
	if (len < 0 && errno != EINVAL)
		return -errno;
	if (len < (ssize_t)(is_64 ? sizeof(*header) : sizeof(small)))
		return 0;
	if (!is_64)
		*header = (Elf64_Phdr){
			.p_type = small.p_type,
			.p_offset = small.p_offset,
			.p_filesz = small.p_filesz,
		};
	return 1;
}

static int read_interpreter(int fd, const Elf64_Phdr *header, struct exec_format *format)
{
	size_t size = header->p_filesz < PATH_MAX ? header->p_filesz : PATH_MAX - 1;
	ssize_t len = pread(fd, format->interpreter, size, (off_t)header->p_offset);

	if (len < 0 && errno != EINVAL)
		return -errno;
	format->is_damaged = len < (ssize_t)size;
	format->interpreter[len < 0 ? 0 : len] = 0;
	return 0;
}

/* start, size, count: of the table of program headers. */
static int find_interpreter(int fd, uint64_t start, size_t size, size_t count,
			    struct exec_format *format)
{
	bool is_64 = format->bits == 64;

	for (size_t i = 0; i < count && (i + 1) * size <= PROGRAM_HEADERS_SIZE_MAX; i++) {
		Elf64_Phdr header;
		int r = read_program_header(fd, (off_t)(start + i * size), is_64, &header);

		if (r < 0)
			return r;
		format->is_damaged = r == 0;
		if (format->is_damaged)
			return 0;
		if (header.p_type == PT_INTERP)
			return read_interpreter(fd, &header, format);
	}
	return 0;
}

/* The two headers are alike up to e_version. */
static int read_elf(int fd, const char *head, size_t len, struct exec_format *format)
{
	Elf64_Ehdr large;
	Elf32_Ehdr small;
	bool is_64 = head[EI_CLASS] == ELFCLASS64;
	bool is_swapped = (unsigned char)head[EI_DATA] != __ehdr_start.e_ident[EI_DATA];

	memcpy(&large, head, sizeof(large));
	memcpy(&small, head, sizeof(small));
	format->kind = EXEC_ELF;
	format->bits = is_64 ? 64 : 32;
	format->is_damaged = len < (is_64 ? sizeof(large) : sizeof(small));
	format->machine = is_swapped ? bswap_16(large.e_machine) : large.e_machine;
	if (is_swapped)
		large.e_type = bswap_16(large.e_type);
	format->is_program = large.e_type == ET_EXEC || large.e_type == ET_DYN;
	format->is_native = !is_swapped && format->machine == __ehdr_start.e_machine &&
			    (unsigned char)head[EI_CLASS] == __ehdr_start.e_ident[EI_CLASS];
	if (format->is_damaged || is_swapped)
		return 0;
	if (is_64)
		return find_interpreter(fd, large.e_phoff, sizeof(Elf64_Phdr), large.e_phnum,
					format);
	return find_interpreter(fd, small.e_phoff, sizeof(Elf32_Phdr), small.e_phnum, format);
}

int exec_format_read(int fd, struct exec_format *format)
{
	char head[HEAD_SIZE + 1] = { 0 };
	ssize_t len = pread(fd, head, HEAD_SIZE, 0);

	if (len < 0)
		return -errno;
	*format = (struct exec_format){ .kind = len ? EXEC_OTHER : EXEC_EMPTY };
	if (!strncmp(head, "#!", 2))
		read_script(head, (size_t)len, format);
	else if (!memcmp(head, ELFMAG, SELFMAG))
		return read_elf(fd, head, (size_t)len, format);
	return 0;
}

const char *exec_format_machine_name(uint16_t machine)
{
	static const struct name_value machines[] = {
		{ "x86_64", EM_X86_64 },
		{ "i386", EM_386 },
		{ "aarch64", EM_AARCH64 },
		{ "arm", EM_ARM },
		{ "riscv", EM_RISCV },
		{ "ppc64", EM_PPC64 },
		{ "ppc", EM_PPC },
		{ "s390x", EM_S390 },
		{ "mips", EM_MIPS },
		{ "loongarch", EM_LOONGARCH },
		{ "sparc64", EM_SPARCV9 },
		{ NULL, 0 },
	};

	return table_name_of(machines, machine);
}
