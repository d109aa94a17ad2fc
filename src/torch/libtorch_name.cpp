// Empty: see Note [Why there is another libtorch.so] in CMakeLists.txt.
