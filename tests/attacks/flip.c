/* flip.c - exchanges two names over and over, as a hostile neighbour does on a shared volume */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

/*
 *	flip FIRST SECOND
 *
 * Until it is killed, its parent ends, or ten minutes are over.
 */

enum { SECONDS_MAX = 600 };

int main(int argc, char **argv)
{
	if (argc != 3) {
		fprintf(stderr, "usage: flip FIRST SECOND\n");
		return 2;
	}
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	alarm(SECONDS_MAX);
	while (renameat2(AT_FDCWD, argv[1], AT_FDCWD, argv[2], RENAME_EXCHANGE) == 0)
		/* Now and then it stays as it is for a whole system call of the victim. */
		usleep(argc++ % 64 ? 0 : 50);
	fprintf(stderr, "flip: %s\n", strerror(errno));
	return 1;
}
