/* top_screen.c - the terminal that `top` draws on: what it can, its size, its modes */
#include "runtime/cli/top_screen.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/file.h"
#include "runtime/linux/tty.h"

static const char *get(const char *name)
{
	const char *value = getenv(name);

	return value ? value : "";
}

/* The first that is set says it, locale(7); asking setlocale(3) would want the locale installed. */
static bool has_utf8(void)
{
	static const char *const names[] = { "LC_ALL", "LC_CTYPE", "LANG" };

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		const char *value = get(names[i]);

		if (*value)
			return strcasestr(value, "utf-8") || strcasestr(value, "utf8");
	}
	return false;
}

void top_screen_look(struct top_screen *screen)
{
	*screen = (struct top_screen){
		.is_terminal = isatty(STDOUT_FILENO) && *get("TERM") &&
			       strcmp(get("TERM"), "dumb") != 0,
		.utf8 = has_utf8(),
	};
	screen->colour = screen->is_terminal && !*get("NO_COLOR");
	top_screen_measure(screen);
}

void top_screen_measure(struct top_screen *screen)
{
	struct winsize size = { 0 };

	ioctl(STDOUT_FILENO, TIOCGWINSZ, &size);
	screen->width = size.ws_col ? size.ws_col : 80;
	screen->height = size.ws_row ? size.ws_row : 24;
}

/* xterm's other screen, and the cursor: console_codes(4) calls these private modes. */
static const char enter[] = "\033[?1049h\033[?25l";
static const char leave[] = "\033[?25h\033[?1049l";

int top_screen_enter(struct top_screen *screen, struct error *err)
{
	int r;

	if (isatty(STDIN_FILENO)) {
		r = tty_make_raw(STDIN_FILENO, &screen->saved, err);
		if (r < 0)
			return r;
		screen->is_raw = true;
	}
	screen->is_entered = true;
	r = file_write_fd(STDOUT_FILENO, enter, strlen(enter));
	return r < 0 ? error_errno(err, r, "write to the terminal") : 0;
}

void top_screen_leave(struct top_screen *screen)
{
	if (screen->is_entered)
		file_write_fd(STDOUT_FILENO, leave, strlen(leave));
	if (screen->is_raw)
		tty_restore(STDIN_FILENO, &screen->saved);
	screen->is_entered = screen->is_raw = false;
}
