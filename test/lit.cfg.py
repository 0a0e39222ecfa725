import os

import lit.formats

config.name = "MLModel"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".mlir", ".test"]
config.excludes = ["Inputs"]
config.test_source_root = config.mlmodel_source_dir
config.test_exec_root = config.mlmodel_binary_dir
config.environment["PATH"] = os.pathsep.join(
    [config.mlmodel_tools_dir, config.llvm_tools_dir, os.environ["PATH"]]
)
# Tests must not find what others left, nor leave it to the user.
config.environment["XDG_CACHE_HOME"] = os.path.join(
    config.mlmodel_binary_dir, "Output", "cache"
)
# A tool that hangs must not hang the suite.
lit_config.maxIndividualTestTime = 120
config.substitutions.append(
    ("%digits", config.mlmodel_source_dir + "/../examples/digits/digits.mlmodel")
)
config.substitutions.append(
    ("%examples", config.mlmodel_source_dir + "/../examples")
)
config.substitutions.append(
    ("%include", config.mlmodel_source_dir + "/../include")
)
config.substitutions.append(("%tools", config.mlmodel_tools_dir))
config.substitutions.append(("%python", "/usr/bin/python3"))
config.substitutions.append(("%cc", config.c_compiler))
config.substitutions.append(("%cxx", config.cxx_compiler))
