/* launch.c - sends a process that is set up on to its program */
#include "runtime/container/launch.h"

#include <errno.h>
#include <sys/socket.h>
#include <sys/time.h>

#include "base/fd.h"
#include "base/log.h"
#include "base/timings.h"
#include "runtime/container/hooks.h"
#include "runtime/container/sync.h"
#include "runtime/linux/interrupt.h"
#include "runtime/linux/seccomp_notify.h"

enum { AGENT_PATIENCE_S = 5 };

static int send_to_agent(struct container *container, pid_t pid, int listener, struct error *err)
{
	static char *fds[] = { "seccompFd", NULL };
	const struct spec_seccomp *profile = container->config.linux->seccomp;
	struct spec_state state = container->state;
	struct spec_process_state document = {
		.ociVersion = SPEC_VERSION,
		.fds = fds,
		.pid = pid,
		.metadata = profile->listenerMetadata,
	};
	auto_buf struct buf text = { 0 };

	/* `run` has written "running" already: its program runs when the agent lets it. */
	if (state.pid == pid)
		state.status = SPEC_STATUS_CREATED;
	document.state = &state;
	spec_process_state_write(&document, &text);
	return seccomp_notify_send(profile->listenerPath, text.data, text.len, listener, err);
}

/* `start` has no config until here. Return: 0, -EPROTO where it wants no agent, -errno. */
static int find_agent(struct container *container, struct error *err)
{
	const struct spec_config *config = &container->config;
	int r = config->root || container->entry < 0 ? 0 : container_read_config(container, err);

	if (r < 0)
		return r;
	if (!config->linux || !config->linux->seccomp || !config->linux->seccomp->listenerPath)
		return error_set(err, EPROTO, "a seccomp listener came that nobody has asked for");
	return 0;
}

static int fail_to_tell(int num, struct error *err)
{
	if (num == -EPIPE || num == -ECONNRESET)
		return error_set(err, ESRCH, "the container's process ended before it could "
					     "execute its program");
	return error_errno(err, num, "tell the container's process to execute its program");
}

/* The agent decides from here on, and may take its time. */
static int hand_over(struct container *container, pid_t pid, int sock, int listener,
		     struct error *err)
{
	const struct timeval limit = { .tv_sec = AGENT_PATIENCE_S };
	int r = find_agent(container, err);

	if (r == 0)
		r = send_to_agent(container, pid, listener, err);
	if (r < 0)
		return r;
	/* startContainer hooks come next, and they take the time that they take. */
	if (!hooks_has(container->config.hooks, HOOKS_START_CONTAINER))
		setsockopt(sock, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	r = sync_send(sock, SYNC_EXECUTE, 0, NULL, -1);
	return r < 0 ? fail_to_tell(r, err) : 0;
}

/* Return: 1 to go on, 0 when the process is on its own, -errno. */
static int answer(struct container *container, pid_t pid, int sock, struct error *err)
{
	struct sync_message message;
	auto_close int fd = -1;
	/* A hook may take longer than the user likes. */
	bool may_take_long = container->state.pid == pid &&
			     hooks_are_listed(&container->state, HOOKS_START_CONTAINER);
	int r = may_take_long ? interrupt_await(sock, err) : 0;

	if (r < 0)
		return r;
	r = sync_receive(sock, &message, &fd);
	/* The process's end of the socket is close-on-exec. */
	if (r == -EPIPE)
		return 0;
	if (r == -EAGAIN) {
		log_warning("the seccomp agent has kept the process from its program for %d "
			    "seconds: it is left to the agent", AGENT_PATIENCE_S);
		return 0;
	}
	if (r < 0)
		return fail_to_tell(r, err);
	if (message.type == SYNC_ERROR)
		return sync_take_error(&message, err);
	if (message.type == SYNC_LOG)
		log_write((enum log_level)message.number, message.text);
	if (message.type == SYNC_LISTENER)
		r = hand_over(container, pid, sock, fd, err);
	return r < 0 ? r : 1;
}

int launch(struct container *container, pid_t pid, int sock, struct error *err)
{
	int64_t begin = timings_begin();
	int r = sync_send(sock, SYNC_EXECUTE, 0, NULL, -1);

	if (r < 0)
		return fail_to_tell(r, err);
	do
		r = answer(container, pid, sock, err);
	while (r > 0);
	timings_end(begin, "let it execute its program");
	return r;
}
