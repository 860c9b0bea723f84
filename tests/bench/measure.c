/* Starts commands in turn, A B A B ..., and prints what each start cost.
 *
 * usage: measure SPEC
 *
 * SPEC is lines of "KEY VALUE": `rounds N`, `warmup N` and `budget SECONDS` (no command is started
 * again, after three times, when it took so long altogether), then for each command the line
 * `command -` and after it `cwd DIR`, `stdin FILE`, `every N` (only in each Nth round), `env
 * NAME=VALUE`..., `arg WORD`... and `prepare WORD`... (a command that runs before each start,
 * outside of the time). What the commands print is thrown away.
 *
 * Prints one line for each measured start, and for a start that failed:
 *   [COMMAND, WALL_NS, USER_US, SYSTEM_US, PEAK_KIB, STATUS]
 * COMMAND counts from 0. A command that fails is not started again. This program is small, so that
 * starting from it is cheap and its own memory does not show in the peak of what it starts.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { kMaxCommands = 64, kMaxWords = 256, kNotStarted = 127, kEnough = 3 };

struct Command {
  const char* cwd;
  const char* input;
  int every;
  char* env[kMaxWords + 1];
  char* args[kMaxWords + 1];
  char* prepare[kMaxWords + 1];
  int envs, words, prepare_words;
  int failed;
  int starts;
  long long spent;
};

static struct Command commands[kMaxCommands];
static int count, rounds, warmup, budget;

static void Die(const char* why) {
  perror(why);
  exit(1);
}

static void Add(char** list, int* size, const char* value) {
  if (*size == kMaxWords) Die("too many words");
  list[(*size)++] = strdup(value);
}

static void ReadSpec(const char* path) {
  FILE* file = fopen(path, "r");
  char* line = NULL;
  size_t room = 0;
  ssize_t length;
  if (file == NULL) Die(path);
  while ((length = getline(&line, &room, file)) > 0) {
    struct Command* now = count > 0 ? &commands[count - 1] : NULL;
    char* value = strchr(line, ' ');
    if (line[length - 1] == '\n') line[length - 1] = '\0';
    if (value == NULL) Die("a line without a value");
    *value++ = '\0';
    if (strcmp(line, "rounds") == 0) {
      rounds = atoi(value);
    } else if (strcmp(line, "warmup") == 0) {
      warmup = atoi(value);
    } else if (strcmp(line, "budget") == 0) {
      budget = atoi(value);
    } else if (strcmp(line, "command") == 0) {
      if (count == kMaxCommands) Die("too many commands");
      commands[count++].every = 1;
    } else if (strcmp(line, "cwd") == 0) {
      now->cwd = strdup(value);
    } else if (strcmp(line, "stdin") == 0) {
      now->input = strdup(value);
    } else if (strcmp(line, "every") == 0) {
      now->every = atoi(value);
    } else if (strcmp(line, "env") == 0) {
      Add(now->env, &now->envs, value);
    } else if (strcmp(line, "arg") == 0) {
      Add(now->args, &now->words, value);
    } else if (strcmp(line, "prepare") == 0) {
      Add(now->prepare, &now->prepare_words, value);
    } else {
      Die(line);
    }
  }
  free(line);
  fclose(file);
}

/* In the child of a vfork: only system calls until it is another program. */
static void Become(const struct Command* command, char* const* args) {
  const int in = open(command->input, O_RDONLY);
  const int out = open("/dev/null", O_WRONLY);
  if (in < 0 || out < 0) _exit(kNotStarted);
  if (dup2(in, 0) < 0 || dup2(out, 1) < 0 || dup2(out, 2) < 0) _exit(kNotStarted);
  close(in);
  close(out);
  if (chdir(command->cwd) != 0) _exit(kNotStarted);
  execve(args[0], args, command->env);
  _exit(kNotStarted);
}

static int Start(const struct Command* command, char* const* args, struct rusage* used) {
  int status = 0;
  const pid_t child = vfork();
  if (child < 0) Die("vfork");
  if (child == 0) Become(command, args);
  if (wait4(child, &status, 0, used) != child) Die("wait4");
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static long long Now(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static long long Micros(struct timeval time) { return time.tv_sec * 1000000LL + time.tv_usec; }

static void Measure(int index, int is_measured) {
  struct Command* command = &commands[index];
  struct rusage used;
  long long begin, wall;
  int status;
  if (command->failed) return;
  if (command->starts >= kEnough && command->spent > budget * 1000000000LL) return;
  if (command->prepare_words > 0 && Start(command, command->prepare, &used) != 0) {
    fprintf(stderr, "measure: %s failed\n", command->prepare[0]);
    exit(1);
  }
  begin = Now();
  status = Start(command, command->args, &used);
  wall = Now() - begin;
  command->failed = status != 0;
  if (!is_measured && status == 0) return;
  command->starts++;
  command->spent += wall;
  printf("[%d, %lld, %lld, %lld, %ld, %d]\n", index, wall, Micros(used.ru_utime),
         Micros(used.ru_stime), used.ru_maxrss, status);
  fflush(stdout);
}

int main(int argc, char** argv) {
  int round, index;
  if (argc != 2) {
    fputs("usage: measure SPEC\n", stderr);
    return 2;
  }
  ReadSpec(argv[1]);
  for (round = -warmup; round < rounds; ++round) {
    for (index = 0; index < count; ++index) {
      if (round < 0 || round % commands[index].every == 0) Measure(index, round >= 0);
    }
  }
  return 0;
}
