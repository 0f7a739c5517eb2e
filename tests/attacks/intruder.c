/* intruder.c - a library of a hostile image: keeps the program that loads it, and overwrites it */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/*
 * A program of the host that is executed in the container ("/proc/self/exe") loads its libraries
 * from the image: this one. Its constructor opens the program and goes on as a shell, so that the
 * program is not executed any more and could be written, were it not for its seal.
 */
__attribute__((constructor)) static void keep_program(void)
{
	static const char script[] =
		"echo loaded >>/loaded; for i in $(seq 50); do "
		"if echo attack >/proc/self/fd/%d; then echo written >>/written; exit; fi; "
		"sleep 0.02; done 2>>/refused; echo tried >>/tried";
	char command[sizeof(script) + 16];
	int fd = open("/proc/self/exe", O_RDONLY);

	snprintf(command, sizeof(command), script, fd);
	unsetenv("LD_PRELOAD");
	execl("/bin/busybox", "sh", "-c", command, (char *)NULL);
	_exit(1);
}
