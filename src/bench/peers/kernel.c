/*
 * One step of AdaGrad in C, for double, or with -DELEMENT=float for float; in the order of the service's loops (the
 * package dev.adagrad.kernel), and rounded alike.
 *
 * Usage: kernel N SECONDS. For each way to do it prints a name and the median time of a step in nanoseconds.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <tgmath.h>
#include <time.h>

#ifndef ELEMENT
#define ELEMENT double
#endif

typedef ELEMENT element;

static const element rate = (element)0.01;
static const element epsilon = (element)1e-8;

/* The formula alone. */
static __attribute__((noinline)) bool formula(size_t n, const element *restrict parameter, const element *restrict grad,
		const element *restrict G, element *restrict new_parameter, element *restrict new_G) {
	for (size_t i = 0; i < n; i++) {
		element sum = G[i] + grad[i] * grad[i];
		new_G[i] = sum;
		new_parameter[i] = parameter[i] - rate * grad[i] / (sqrt(sum) + epsilon);
	}
	return true;
}

/* The formula, no update where the denominator is 0, and whether all that it gave is finite. */
static __attribute__((noinline)) bool checked(size_t n, const element *restrict parameter, const element *restrict grad,
		const element *restrict G, element *restrict new_parameter, element *restrict new_G) {
	int finite = 1;
	for (size_t i = 0; i < n; i++) {
		element sum = G[i] + grad[i] * grad[i];
		element denominator = sqrt(sum) + epsilon;
		element moved = parameter[i] - (denominator == 0 ? 0 : rate * grad[i] / denominator);
		new_G[i] = sum;
		new_parameter[i] = moved;
		/* && would be a branch, and keep the loop from being vectorised */
		finite &= isfinite(sum) & isfinite(moved);
	}
	return finite;
}

/* The formula with l1 and l2. */
static __attribute__((noinline)) bool proximal(size_t n, const element *restrict parameter, const element *restrict grad,
		const element *restrict G, element *restrict new_parameter, element *restrict new_G) {
	const element l1 = (element)0.1, l2 = (element)0.1;
	for (size_t i = 0; i < n; i++) {
		element sum = G[i] + grad[i] * grad[i];
		element denominator = sqrt(sum) + epsilon;
		element moved = parameter[i] - rate * grad[i] / denominator;
		element a = rate / denominator;
		element left = fabs(moved) - a * l1;
		left = left > 0 ? left : 0;
		/* what is left of 0 is 0, so its sign may be any */
		new_G[i] = sum;
		new_parameter[i] = copysign(left, moved) / (1 + a * l2);
	}
	return true;
}

static double now(void) {
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static void *allocated(size_t n) {
	void *array = malloc(n * sizeof(element));
	if (array == NULL) {
		fputs("no memory\n", stderr);
		exit(EXIT_FAILURE);
	}
	return array;
}

static element *drawn(size_t n, double least) {
	element *array = allocated(n);
	for (size_t i = 0; i < n; i++) {
		array[i] = (element)(least + (1 - least) * drand48());
	}
	return array;
}

static int ascending(const void *a, const void *b) {
	double difference = *(const double *)a - *(const double *)b;
	return (difference > 0) - (difference < 0);
}

typedef bool step(size_t, const element *restrict, const element *restrict, const element *restrict,
		element *restrict, element *restrict);

static void measure(const char *name, step *step, bool new_arrays, size_t n, double seconds) {
	element *parameter = drawn(n, -1), *grad = drawn(n, -1), *G = drawn(n, 0);
	element *new_parameter = allocated(n), *new_G = allocated(n);
	size_t count = 0, capacity = 1 << 20;
	double *times = malloc(capacity * sizeof *times);
	if (times == NULL) {
		fputs("no memory\n", stderr);
		exit(EXIT_FAILURE);
	}
	double begin = now();
	while (now() - begin < seconds * 1e9 && count < capacity) {
		double before = now();
		if (new_arrays) {
			free(new_parameter);
			free(new_G);
			new_parameter = allocated(n);
			new_G = allocated(n);
		}
		bool finite = step(n, parameter, grad, G, new_parameter, new_G);
		times[count++] = now() - before;
		if (!finite) {
			fputs("not finite\n", stderr);
			exit(EXIT_FAILURE);
		}
		/* keeps the compiler from leaving out what nobody reads */
		__asm__ volatile("" : : "r"(new_parameter), "r"(new_G) : "memory");
	}
	qsort(times, count, sizeof(double), ascending);
	printf("%s %.1f\n", name, times[count / 2]);
	free(parameter), free(grad), free(G), free(new_parameter), free(new_G), free(times);
}

int main(int count, char **arguments) {
	if (count != 3) {
		fputs("usage: kernel N SECONDS\n", stderr);
		return EXIT_FAILURE;
	}
	size_t n = strtoul(arguments[1], NULL, 10);
	double seconds = strtod(arguments[2], NULL);
	measure("formula", formula, false, n, seconds);
	measure("proximal", proximal, false, n, seconds);
	measure("checked", checked, false, n, seconds);
	measure("checked-new-arrays", checked, true, n, seconds);
	return EXIT_SUCCESS;
}
