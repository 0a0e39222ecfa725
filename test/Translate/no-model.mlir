// RUN: not mlmodel-translate --mlir-to-mlmodel %s 2>&1 | FileCheck %s
// CHECK: error: expected one mlmodel.model to write, got 0
module {}
