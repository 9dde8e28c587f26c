// What cpp.recording was recorded of, by heaptrack 1.4.0: three equal rounds, each of
// which rests at its end.
#include <string>
#include <vector>
#include <unistd.h>
namespace app { struct Store { std::vector<std::string> kept; __attribute__((noinline)) void put(int n) { kept.push_back(std::string(n, 'x')); } __attribute__((noinline)) void drop() { kept.clear(); kept.shrink_to_fit(); } }; }
__attribute__((noinline)) char *leak(int n) { char *p = new char[n]; p[0]=1; return p; }
__attribute__((noinline)) void brief() { volatile char *p = new char[24]; p[0]=1; delete[] p; }
int main() { app::Store s; for (int r = 0; r < 3; r++) { for (int i = 0; i < 40; i++) { s.put(100 + i % 4); brief(); } leak(64); usleep(60000); s.drop(); } }
