# SPDX-License-Identifier: MIT
# The preset `bench` puts its programs into the folder that it is told to build in, whichever that is.
file(REMOVE_RECURSE ${FOLDER})
execute_process(
  COMMAND ${CMAKE_COMMAND} --preset bench -B ${FOLDER} -DCMAKE_CXX_COMPILER=${CXX} -DCMAKE_PREFIX_PATH=${PREFIX}
          -DHINT_BUILD_DEMO=OFF # so that it needs no more than the library does
  WORKING_DIRECTORY ${SOURCE} OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
file(READ ${FOLDER}/build.ninja rules)
foreach(program 05_train reproduce search_vs_rivals) # outputs are named from the build folder on
  if(NOT rules MATCHES "\nbuild ${program}: CXX")
    message(FATAL_ERROR "${program} is not built in ${FOLDER}")
  endif()
endforeach()
