// A layer that adds up all it was ever given: y = x + h.
// RUN: rm -rf %t && mkdir %t
// RUN: mlmodel-translate --mlir-to-mlmodel %s -o %t/sum.mlmodel

// An optional state that is left out is zero.
// RUN: mlmodel info %t/sum.mlmodel | FileCheck %s --check-prefix=INFO
// INFO: h_in: float32 multi-array 1, optional
// RUN: mlmodel predict %t/sum.mlmodel --input x=5 | FileCheck %s --check-prefix=ONCE
// ONCE: "h_out": {
// ONCE: "values": [
// ONCE-NEXT: 5
// RUN: mlmodel predict %t/sum.mlmodel --input x=5 --input h_in=0.5 | FileCheck %s --check-prefix=GIVEN
// GIVEN: "values": [
// GIVEN-NEXT: 5.5

// A sequence of predictions, without state and with it.
// RUN: echo '[{"x": [1]}, {"x": [2]}, {"x": [3]}]' > %t/x.json
// RUN: mlmodel predict %t/sum.mlmodel --inputs %t/x.json | FileCheck %s --check-prefix=ALONE
// ALONE-COUNT-3: "y": {
// ALONE: "values": [
// ALONE-NEXT: 3
// RUN: mlmodel predict %t/sum.mlmodel --inputs %t/x.json --stateful | FileCheck %s --check-prefix=STATEFUL
// STATEFUL: "y": {
// STATEFUL: "values": [
// STATEFUL-NEXT: 1{{$}}
// STATEFUL: "y": {
// STATEFUL: "values": [
// STATEFUL-NEXT: 3{{$}}
// STATEFUL: "y": {
// STATEFUL: "values": [
// STATEFUL-NEXT: 6{{$}}

// An input that is given to all comes before the state.
// RUN: mlmodel predict %t/sum.mlmodel --inputs %t/x.json --stateful --input h_in=10 | FileCheck %s --check-prefix=FIXED
// FIXED-COUNT-3: "y": {
// FIXED: "values": [
// FIXED-NEXT: 13{{$}}

// One .npy, whose first axis counts the inputs; each output has its directory.
// RUN: /usr/bin/python3 -c "import numpy; numpy.save('%t/x.npy', numpy.float32([[1], [2], [3]]))"
// RUN: mlmodel predict %t/sum.mlmodel --inputs %t/x.npy --stateful --output-dir %t/out
// RUN: /usr/bin/python3 -c "import json, numpy; print([numpy.load('%t/out/%%d/%%s' %% (i, json.load(open('%t/out/%%d/outputs.json' %% i))['y']['file'])).tolist() for i in range(3)])" | FileCheck %s --check-prefix=FILES
// FILES: {{\[\[1.0\], \[3.0\], \[6.0\]\]}}

// State that outlives the tool.
// RUN: mlmodel predict %t/sum.mlmodel --input x=4 --state-dir %t/state | FileCheck %s --check-prefix=FIRST
// FIRST: "values": [
// FIRST-NEXT: 4{{$}}
// RUN: mlmodel predict %t/sum.mlmodel --inputs %t/x.json --state-dir %t/state
// RUN: mlmodel predict %t/sum.mlmodel --input x=0.5 --state-dir %t/state | FileCheck %s --check-prefix=LATER
// LATER: "values": [
// LATER-NEXT: 10.5{{$}}

// RUN: echo '{"h": "h_in.npy"}' > %t/state/state.json
// RUN: not mlmodel predict %t/sum.mlmodel --input x=1 --state-dir %t/state 2>&1 | FileCheck %s --check-prefix=OTHER
// OTHER: state.json: the model has no state 'h'
// RUN: echo '{"h_in": "../x.npy"}' > %t/state/state.json
// RUN: not mlmodel predict %t/sum.mlmodel --input x=1 --state-dir %t/state 2>&1 | FileCheck %s --check-prefix=OUTSIDE
// OUTSIDE: state.json: 'h_in' is not the name of a file
// RUN: not mlmodel predict %digits --input image=zeros --stateful 2>&1 | FileCheck %s --check-prefix=STATELESS
// STATELESS: no recurrent layer has an input of the model as its state
// RUN: echo '[1, 2]' > %t/bad.json
// RUN: not mlmodel predict %t/sum.mlmodel --inputs %t/bad.json 2>&1 | FileCheck %s --check-prefix=BAD
// BAD: bad.json: expected a list of objects, one for each prediction

#one = #mlmodel.weights<dense<1.0> : tensor<1xf32>>
mlmodel.model attributes {specificationVersion = 1 : i64, description = {input = [{name = "x", type = {multiArrayType = {dataType = "FLOAT32", shape = array<i64: 1>}}}, {name = "h_in", type = {isOptional = true, multiArrayType = {dataType = "FLOAT32", shape = array<i64: 1>}}}], output = [{name = "y", type = {multiArrayType = {dataType = "FLOAT32", shape = array<i64: 1>}}}, {name = "h_out", type = {multiArrayType = {dataType = "FLOAT32"}}}]}} {
  mlmodel.network attributes {inputNames = ["x", "h_in"], outputNames = ["y", "h_out"]} {
  ^bb0(%x: tensor<*xf32>, %h_in: tensor<*xf32>):
    %y, %h_out = mlmodel.simple_recurrent <"sum" -> "y", "h_out"> (%x, %h_in) {inputVectorSize = 1 : i64, outputVectorSize = 1 : i64, activation = {linear = {}}, weightMatrix = #one, recursionMatrix = #one} : (tensor<*xf32>, tensor<*xf32>) -> (tensor<*xf32>, tensor<*xf32>)
    mlmodel.output %y, %h_out : tensor<*xf32>, tensor<*xf32>
  }
}
