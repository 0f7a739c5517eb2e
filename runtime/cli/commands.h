/* commands.h - all sub-commands: each is in the file of its name */
#pragma once
#include "runtime/cli/cli.h"

extern const struct cli_command cli_create, cli_delete, cli_events, cli_exec, cli_features;
extern const struct cli_command cli_kill, cli_list, cli_mounts, cli_network, cli_pause;
extern const struct cli_command cli_ps, cli_resume, cli_run, cli_spec, cli_start;
extern const struct cli_command cli_state, cli_top, cli_update;
