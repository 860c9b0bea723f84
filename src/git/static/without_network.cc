// Stands in for the parts of libgit2 that talk to a network, which this program never does.
//
// In the static build only (ONEHEAD_STATIC). A linker takes a member of a library only
// when one of its names is wanted; with these names here it takes neither sockets nor HTTP, TLS
// and SSH, whose libraries cannot be linked statically. The names are those of libgit2 1.5 to 1.9;
// libgit2.cmake finds out whether they fit.
#ifdef ONEHEAD_STATIC

#include <pwd.h>

#include <cerrno>
#include <cstddef>
#include <cstdio>

extern "C" {

extern bool git_http__expect_continue;
extern int git_socket_stream__connect_timeout;
extern int git_socket_stream__timeout;
int git_transport_new(void** out, void* owner, const char* url);
int git_socket_stream_global_init();
int git_mbedtls_stream_global_init();
int git_mbedtls__set_cert_location(const char* file, const char* path);
int git_transport_ssh_global_init();
int git_transport_ssh_libssh2_global_init();
int http_parser_parse_url(const char* url, std::size_t size, int is_connect, void* parsed);

bool git_http__expect_continue = false;
int git_socket_stream__connect_timeout = 0;
int git_socket_stream__timeout = 0;
int git_transport_new(void**, void*, const char*) { return -1; }
int git_socket_stream_global_init() { return 0; }
int git_mbedtls_stream_global_init() { return 0; }
int git_mbedtls__set_cert_location(const char*, const char*) { return -1; }
int git_transport_ssh_global_init() { return 0; }
int git_transport_ssh_libssh2_global_init() { return 0; }
int http_parser_parse_url(const char*, std::size_t, int, void*) { return 1; }

#ifdef __GLIBC__
// The C library's own asks services on the network, and loads libraries for that, which must be of
// its very version: a file that runs anywhere has neither. So users are those of /etc/passwd.
int getpwuid_r(uid_t uid, passwd* user, char* buffer, size_t size, passwd** result) {
  *result = nullptr;
  FILE* file = std::fopen("/etc/passwd", "re");
  if (file == nullptr) return errno == ENOENT ? 0 : errno;
  int error = 0;
  while ((error = fgetpwent_r(file, user, buffer, size, result)) == 0 && user->pw_uid != uid) {
  }
  std::fclose(file);
  if (error != 0) *result = nullptr;
  return error == ENOENT ? 0 : error;
}
#endif
}

#endif
