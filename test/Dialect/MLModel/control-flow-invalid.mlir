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
