/* exe_file.c - runs on from another file, without execve(2) */
#include "runtime/linux/exe_file.h"

#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <linux/prctl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"

/*
 * A process keeps its program's file by a reference of its own and by the mappings of its segments.
 * The kernel replaces the reference where no mapping of the old file is left, so each segment gets
 * the same content from the new one, at the same place. What the process has written to (data, and
 * tables of addresses that the dynamic linker has filled in) moves to memory without a file.
 */

enum { MAX_STAT = 4096, STAT_FIRST_FIELD = 3, STAT_FIELDS = 52, SAME_BYTES = 1024 };

static uintptr_t page_start(uintptr_t address)
{
	return address & ~((uintptr_t)sysconf(_SC_PAGESIZE) - 1);
}

static uintptr_t page_end(uintptr_t address)
{
	return page_start(address + (uintptr_t)sysconf(_SC_PAGESIZE) - 1);
}

/* Counted from a place in the program that there is a pointer to. */
static char *pointer_to(const struct dl_phdr_info *program, uintptr_t address)
{
	char *headers = (char *)program->dlpi_phdr;

	return headers + (address - (uintptr_t)headers);
}

/* The pages of a segment that are from the file. */
static void *segment_pages(const struct dl_phdr_info *program, const ElfW(Phdr) *segment,
			   size_t *len)
{
	uintptr_t address = program->dlpi_addr + segment->p_vaddr;

	*len = page_end(address + segment->p_filesz) - page_start(address);
	return pointer_to(program, page_start(address));
}

static int map_from_file(void *pages, size_t len, const ElfW(Phdr) * segment, int fd)
{
	int protection = (segment->p_flags & PF_R ? PROT_READ : 0) |
			 (segment->p_flags & PF_X ? PROT_EXEC : 0);
	off_t offset = (off_t)page_start(segment->p_offset);

	if (mmap(pages, len, protection, MAP_PRIVATE | MAP_FIXED, fd, offset) == MAP_FAILED)
		return -errno;
	return 0;
}

/* memcpy(3) would not do: the address sanitizer has gaps between variables that it must not see. */
__attribute__((no_sanitize_address)) static void copy_pages(void *to, const void *from, size_t len)
{
	volatile uint64_t *target = to;
	const volatile uint64_t *source = from;

	for (size_t i = 0; i < len / sizeof(*target); i++)
		target[i] = source[i];
}

static int move_to_memory(void *pages, size_t len)
{
	void *copy = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int r = 0;

	if (copy == MAP_FAILED)
		return -errno;
	copy_pages(copy, pages, len);
	if (mremap(copy, len, len, MREMAP_MAYMOVE | MREMAP_FIXED, pages) == MAP_FAILED) {
		r = -errno;
		munmap(copy, len);
	}
	return r;
}

/* What the dynamic linker has made read-only, ld(1) -z relro. */
static int protect_again(const struct dl_phdr_info *program, const ElfW(Phdr) * segment)
{
	uintptr_t address = program->dlpi_addr + segment->p_vaddr;
	uintptr_t start = page_start(address);
	uintptr_t end = page_start(address + segment->p_memsz);

	return mprotect(pointer_to(program, start), end - start, PROT_READ) < 0 ? -errno : 0;
}

static int replace_segment(const struct dl_phdr_info *program, const ElfW(Phdr) * segment, int fd)
{
	size_t len;
	void *pages;

	if (segment->p_type == PT_GNU_RELRO)
		return protect_again(program, segment);
	if (segment->p_type != PT_LOAD)
		return 0;
	pages = segment_pages(program, segment, &len);
	if (segment->p_flags & PF_W)
		return move_to_memory(pages, len);
	return map_from_file(pages, len, segment, fd);
}

/*
 * Under an emulator, as valgrind(1), the process is executed from another file than it believes.
 * The first page has the headers and the note with the build's own id.
 */
static int check_content(const struct dl_phdr_info *program, int fd)
{
	char content[SAME_BYTES];
	const char *mapped = pointer_to(program, page_start((uintptr_t)program->dlpi_phdr));

	if (pread(fd, content, sizeof(content), 0) != sizeof(content))
		return -ENOEXEC;
	return memcmp(content, mapped, sizeof(content)) == 0 ? 0 : -ENOEXEC;
}

/* The program is the first of those that dl_iterate_phdr(3) calls this for. Return: 1: enough. */
static int replace_segments(struct dl_phdr_info *program, size_t size, void *data)
{
	int *fd = data;
	int r = check_content(program, *fd);

	(void)size;
	for (ElfW(Half) i = 0; i < program->dlpi_phnum && r == 0; i++)
		r = replace_segment(program, &program->dlpi_phdr[i], *fd);
	*fd = r;
	return 1;
}

/* As proc_pid_stat(5) counts them. Fields before the third are left out. */
static int read_stat(uint64_t fields[STAT_FIELDS + 1])
{
	auto_buf struct buf text = { 0 };
	char *at = NULL;
	int r = file_read_at(AT_FDCWD, "/proc/self/stat", MAX_STAT, &text);

	if (r < 0)
		return r;
	if (text.data)
		at = strrchr(text.data, ')');
	if (!at)
		return -EINVAL;
	at += strlen(") S");
	for (int i = STAT_FIRST_FIELD + 1; i <= STAT_FIELDS; i++)
		fields[i] = strtoull(at, &at, 10);
	return 0;
}

/* All fields of the map are set together, so those that stay are asked for before. */
static int set_exe_file(int fd)
{
	uint64_t stat[STAT_FIELDS + 1];
	struct prctl_mm_map map = { 0 };
	int r = read_stat(stat);

	if (r < 0)
		return r;
	map.start_code = stat[26];
	map.end_code = stat[27];
	map.start_stack = stat[28];
	map.start_data = stat[45];
	map.end_data = stat[46];
	map.start_brk = stat[47];
	map.brk = (uintptr_t)sbrk(0);
	map.arg_start = stat[48];
	map.arg_end = stat[49];
	map.env_start = stat[50];
	map.env_end = stat[51];
	map.exe_fd = (uint32_t)fd;
	if (prctl(PR_SET_MM, PR_SET_MM_MAP, &map, sizeof(map), 0) < 0)
		return -errno;
	return 0;
}

int exe_file_replace(int fd)
{
	int r = fd;

	dl_iterate_phdr(replace_segments, &r);
	return r < 0 ? r : set_exe_file(fd);
}
