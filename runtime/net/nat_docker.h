/* nat_docker.h - lets our links through where docker, or iptables, forwards nothing else */
#pragma once
#include "base/error.h"
#include "runtime/net/nft.h"

/*
 * What comes from the link or goes to it is accepted in DOCKER-USER, or else in FORWARD where that
 * one's policy is to drop: of the tables "ip filter" and "ip6 filter", which iptables-nft(8) shows
 * and can change. Rules of iptables-legacy(8) are out of reach. Again is no error.
 * Return: 0, also where there are no such chains; -errno.
 */
int nat_docker_admit(struct nft *nft, const char *link, struct error *err);

/* Removes what was added for the link; NULL: for all. Return: 0 or -errno. */
int nat_docker_expel(struct nft *nft, const char *link, struct error *err);
