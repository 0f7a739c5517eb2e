/* thread.h - threads beside the one that was there before */
#pragma once
#include <pthread.h>

/*
 * Runs a function in a thread, with signals blocked, as their handlers are for the first one. Its
 * stack has 128 KiB.
 * Return: 0 with *thread, which is to be joined; -errno of pthread_create(3).
 */
int thread_start(pthread_t *thread, void *(*run)(void *context), void *context);

/*
 * Sends a thread to the processors on which its maker does not run now. The scheduler likes to
 * leave a new one there until the maker waits for it. Where there is no other, or it has ended
 * already, nothing is lost.
 */
void thread_send_away(pthread_t thread);
