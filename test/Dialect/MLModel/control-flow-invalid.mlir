// RUN: mlmodel-opt %s --split-input-file --verify-diagnostics

func.func @break_without_loop() {
  // expected-error @+1 {{it is inside a loop}}
  mlmodel.loop_break <"b"> () : () -> ()
  return
}

// -----

func.func @continue_without_loop() {
  // expected-error @+1 {{it is inside a loop}}
  mlmodel.loop_continue <"c"> () : () -> ()
  return
}

// -----

func.func @body_yields_too_little(%x: tensor<1xf32>) {
  // expected-error @+1 {{needs bodies that yield 1 blobs each}}
  %y = mlmodel.loop <"l"> (%x) {carried = ["y"]} : (tensor<1xf32>) -> tensor<1xf32> {
  } do {
  ^bb0(%a: tensor<1xf32>):
    mlmodel.yield
  }
  return
}

// -----

func.func @body_without_arguments(%x: tensor<1xf32>) {
  // expected-error @+1 {{has a body with 0 arguments, expected 1}}
  %y = mlmodel.loop <"l"> (%x) {carried = ["y"]} : (tensor<1xf32>) -> tensor<1xf32> {
  } do {
    mlmodel.yield %x : tensor<1xf32>
  }
  return
}

// -----

func.func @carries_more_than_it_returns(%x: tensor<1xf32>) {
  // expected-error @+1 {{carries 2 blobs but has 1 results}}
  %y = mlmodel.loop <"l"> (%x) {carried = ["y", "z"]} : (tensor<1xf32>) -> tensor<1xf32> {
  } do {
  }
  return
}

// -----

func.func @absent_body_without_fallback(%x: tensor<1xf32>) {
  // expected-error @+1 {{has 0 inputs, expected 1}}
  %y = mlmodel.branch <"b"> (%x) {carried = ["y"]} : (tensor<1xf32>) -> tensor<1xf32> {
    mlmodel.yield %x : tensor<1xf32>
  } else {
  }
  return
}

// -----

func.func @jump_without_carried(%x: tensor<1xf32>) {
  %y = mlmodel.loop <"l"> (%x) {carried = ["y"]} : (tensor<1xf32>) -> tensor<1xf32> {
  } do {
  ^bb0(%a: tensor<1xf32>):
    // expected-error @+1 {{has fewer operands than the 1 blobs that are carried}}
    mlmodel.loop_break <"b"> () : () -> ()
    mlmodel.yield %a : tensor<1xf32>
  }
  return
}
