/* main.c - gocker: an OCI container runtime */
#include "runtime/cli/commands.h"

static const struct cli_command *const commands[] = {
	&cli_create, &cli_start,  &cli_run,    &cli_exec,   &cli_state, &cli_list,
	&cli_ps,     &cli_top,    &cli_events, &cli_pause,  &cli_resume, &cli_update, &cli_mounts,
	&cli_kill,   &cli_delete, &cli_network, &cli_spec,  &cli_features, NULL,
};

int main(int argc, char **argv)
{
	return cli_main(commands, argc, argv);
}
