# man/local.mk - manual pages

dist_man_MANS += \
	man/gocker-bundle.8 \
	man/gocker-config.5 \
	man/gocker-create.8 \
	man/gocker-delete.8 \
	man/gocker-engines.7 \
	man/gocker-events.8 \
	man/gocker-exec.8 \
	man/gocker-features.8 \
	man/gocker-kill.8 \
	man/gocker-list.8 \
	man/gocker-mounts.8 \
	man/gocker-network.8 \
	man/gocker-pause.8 \
	man/gocker-ps.8 \
	man/gocker-resume.8 \
	man/gocker-run.8 \
	man/gocker-spec.8 \
	man/gocker-start.8 \
	man/gocker-state.8 \
	man/gocker-top.8 \
	man/gocker-update.8 \
	man/gocker.8
