// Stands in for the parts of libgit2 that talk to a network, which this program never does.
//
// In the static build only (ONEHEAD_WITHOUT_NETWORK). A linker takes a member of libgit2.a only
// when one of its names is wanted; with these names here it takes neither TLS nor SSH nor GSSAPI,
// whose libraries cannot be linked statically. The names are those of libgit2 1.5; CMakeLists.txt
// finds out whether they fit.
#ifdef ONEHEAD_WITHOUT_NETWORK

extern "C" {

int git_mbedtls_stream_global_init();
int git_mbedtls_stream_new(void** out, const char* host, const char* port);
int git_mbedtls_stream_wrap(void** out, void* in, const char* host);
int git_mbedtls__set_cert_location(const char* file, const char* path);
int git_transport_ssh_global_init();
int git_transport_ssh_with_paths(void** out, void* owner, void* payload);
int git_smart_subtransport_ssh(void** out, void* owner, void* parameter);
int git_http_auth_negotiate(void** out, void* url);

int git_mbedtls_stream_global_init() { return 0; }
int git_mbedtls_stream_new(void**, const char*, const char*) { return -1; }
int git_mbedtls_stream_wrap(void**, void*, const char*) { return -1; }
int git_mbedtls__set_cert_location(const char*, const char*) { return -1; }
int git_transport_ssh_global_init() { return 0; }
int git_transport_ssh_with_paths(void**, void*, void*) { return -1; }
int git_smart_subtransport_ssh(void**, void*, void*) { return -1; }
int git_http_auth_negotiate(void**, void*) { return -1; }

}  // extern "C"

#endif
