/* fuzz_exec_format.c - a program of the container: what kind of file it is, and its interpreter */
#include "runtime/linux/exec_format.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static int fd = -1;
	struct exec_format format;

	if (fd < 0)
		fd = memfd_create("program", MFD_CLOEXEC);
	if (ftruncate(fd, 0) < 0 || pwrite(fd, data, size, 0) != (ssize_t)size)
		return 0;
	if (exec_format_read(fd, &format) < 0)
		return 0;
	fuzz_check(memchr(format.interpreter, 0, sizeof(format.interpreter)));
	fuzz_check((format.kind == EXEC_EMPTY) == (size == 0));
	exec_format_machine_name(format.machine);
	return 0;
}
