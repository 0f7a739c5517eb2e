/* thread.h - threads beside the one that was there before */
#pragma once
#include <pthread.h>
#include <semaphore.h>

struct thread {
	pthread_t id;
	sem_t sent;
	void (*run)(void *context);
	void *context;
};

/*
 * Runs a function in a thread, with signals blocked, as their handlers are for the first one. Its
 * stack has 128 KiB. It begins on another processor than the one that its maker runs on, if there
 * is one: the scheduler likes to leave a new one there, in the place of its maker or after it.
 * Return: 0, and *thread has to stay where it is until it is joined; -errno of pthread_create(3).
 */
int thread_start(struct thread *thread, void (*run)(void *context), void *context);

/* Waits for the end of the function. */
void thread_join(struct thread *thread);
