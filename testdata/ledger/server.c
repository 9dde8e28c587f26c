/* A small HTTP server for the tests of the ledger: one thread, any number of
   connections. Its answers cost what its arguments say, exactly:

     server PORT [EXTRA...] [prefork|forks|exits]

   prefork: two workers that are forked at the start give all answers; forks: every
   answer is given by a process of its own; exits: the server ends at the 20th request.

   EXTRA is STEP:FUNCTION:N: in answers to GET requests whose path begins with the
   first letter of STEP, FUNCTION does N of what it does, beyond what every answer costs:

     parse, route, store, render   a loop of N instructions
     remember                      N allocations, freed at once
     look                          N system calls (getppid)
     tell                          N looks at the clock, which are no system calls */
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define OWN __attribute__((noinline))

/* two instructions a turn: subtract, jump */
#define SPIN(n) do { long left_ = (n) / 2; if (left_ > 0) __asm__ volatile("1: sub $1, %0\n jnz 1b" : "+r"(left_) : : "cc"); } while (0)

static const char *const functions[] = {"parse", "route", "store", "render", "remember", "look", "tell"};
static long more[256][7]; /* by the first letter of the step, and function: the same cost whatever is in it */

static void read_extra(const char *text) {
  const char *name = strchr(text, ':') + 1;
  for (int i = 0; i < 7; i++) {
    size_t length = strlen(functions[i]);
    if (!strncmp(name, functions[i], length) && name[length] == ':') more[(unsigned char)text[0]][i] = atol(name + length + 1);
  }
}

OWN void parse(long n) { SPIN(20000 + n); }
OWN void route(long n) { SPIN(5000 + n); }
OWN void store(long n) { SPIN(40000 + n); }
OWN void render(long n) { SPIN(30000 + n); }

OWN void remember(long n) {
  for (long i = 0; i < 20 + n; i++) {
    volatile char *p = malloc(48);
    p[0] = 1;
    free((void *)p);
  }
}

OWN void look(long n) {
  for (long i = 0; i < 3 + n; i++) getppid();
}

OWN void tell(long n) {
  struct timespec now;
  for (long i = 0; i < n; i++) clock_gettime(CLOCK_MONOTONIC, &now);
}

OWN void answer(int fd, const char *request) {
  static const char text[] = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 11\r\n\r\n{\"ok\":true}";
  const long *n = more[(unsigned char)request[5]]; /* behind "GET /" */
  parse(n[0]);
  route(n[1]);
  store(n[2]);
  render(n[3]);
  remember(n[4]);
  look(n[5]);
  tell(n[6]);
  if (write(fd, text, sizeof text - 1) < 0) perror("write");
}

/* what is answered by another process than the one that listens */
OWN void answer_as(const char *mode, int fd, const char *request) {
  static int answers;
  if (!strcmp(mode, "exits") && ++answers == 20) {
    fprintf(stderr, "out of luck\n");
    exit(7);
  }
  if (strcmp(mode, "forks")) {
    answer(fd, request);
    return;
  }
  pid_t child = fork();
  if (!child) {
    answer(fd, request);
    _exit(0);
  }
  waitpid(child, NULL, 0);
}

int main(int argc, char **argv) {
  static struct pollfd fds[1024];
  int one = 1, n = 1;
  struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(atoi(argc > 1 ? argv[1] : "0"))};
  const char *mode = "";
  for (int i = 2; i < argc; i++) {
    if (strchr(argv[i], ':')) read_extra(argv[i]);
    else mode = argv[i];
  }
  a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  fds[0].fd = socket(AF_INET, SOCK_STREAM, 0);
  fds[0].events = POLLIN;
  setsockopt(fds[0].fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  if (bind(fds[0].fd, (struct sockaddr *)&a, sizeof a) || listen(fds[0].fd, 512)) return 1;
  if (!strcmp(mode, "prefork")) {
    fcntl(fds[0].fd, F_SETFL, O_NONBLOCK); /* the other may have it */
    if (fork() && fork())
      for (;;) pause();
  }
  for (;;) {
    if (poll(fds, n, -1) < 0) return 1;
    for (int i = n - 1; i > 0; i--) {
      static char text[4096];
      if (!fds[i].revents) continue;
      ssize_t got = read(fds[i].fd, text, sizeof text - 1);
      if (got <= 0) {
        close(fds[i].fd);
        fds[i] = fds[--n];
      } else {
        text[got] = 0;
        answer_as(mode, fds[i].fd, text);
      }
    }
    if (fds[0].revents && n < 1024) {
      fds[n].fd = accept(fds[0].fd, NULL, NULL);
      if (fds[n].fd >= 0) fds[n++].events = POLLIN;
    }
  }
}
