//===- LayerBase.td ------------------------------------*- tablegen -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_DIALECT_MLMODEL_IR_LAYERBASE_TD
#define MLMODEL_DIALECT_MLMODEL_IR_LAYERBASE_TD

include "MLModel/Dialect/MLModel/IR/Attributes.td"
include "MLModel/Dialect/MLModel/IR/Interfaces.td"
include "mlir/IR/OpAsmInterface.td"
include "mlir/Interfaces/InferTypeOpInterface.td"

// Least and greatest number of inputs or outputs; -1 means any number.
class MLModel_Arity<int least, int greatest> {
  int min = least;
  int max = greatest;
}

// One layer of the NeuralNetwork format.
//
// Adding a layer is this entry, its shape rule, its rewrite and its test:
// import, export, verification, the layer table and the drift test follow from
// the entry. `sharedRule` names a function of ShapeRules.h for layers whose
// rule is that of a family; the others define `inferShapes` in the .cpp of
// their chapter. The rule also checks the layer's parameters.
class MLModel_Layer<string mnemonic, string layerField, int specVersion,
                    MLModel_Arity inputArity, MLModel_Arity outputArity,
                    string sharedRule = "", list<Trait> traits = []>
    : Op<MLModel_Dialect, mnemonic, !listconcat(traits, [
        DeclareOpInterfaceMethods<InferShapedTypeOpInterface,
                                  ["inferReturnTypeComponents"]>,
        DeclareOpInterfaceMethods<OpAsmOpInterface, ["getAsmResultNames"]>,
        MLModel_LayerOpInterface])> {
  dag parameters = (ins);
  let arguments = !con((ins MLModel_LayerAttr:$layer,
                            Variadic<AnyTensor>:$inputs), parameters);
  let results = (outs Variadic<AnyTensor>:$outputs);
  let assemblyFormat = [{
    $layer `(` $inputs `)` attr-dict `:` functional-type($inputs, $outputs)
  }];
  let hasVerifier = 1;
  // Layers come from files; what creates them names the attributes it sets.
  let skipDefaultBuilders = 1;
  let builders = [
    OpBuilder<(ins "::mlir::TypeRange":$outputs, "::mlir::ValueRange":$inputs,
                   "::llvm::ArrayRef<::mlir::NamedAttribute>":$attributes), [{
      $_state.addTypes(outputs);
      $_state.addOperands(inputs);
      $_state.addAttributes(attributes);
    }]>
  ];

  string layerDeclaration = [{
    static ::llvm::StringRef getLayerField() { return "}] # layerField # [{"; }
    static int64_t getMinSpecificationVersion() { return }] # specVersion # [{; }
    static std::pair<int64_t, int64_t> getInputArity() {
      return {}] # inputArity.min # ", " # inputArity.max # [{};
    }
    static std::pair<int64_t, int64_t> getOutputArity() {
      return {}] # outputArity.min # ", " # outputArity.max # [{};
    }
  }];
  let extraClassDeclaration = layerDeclaration # !if(!empty(sharedRule), [{
    static ::llvm::LogicalResult inferShapes(::mlmodel::ShapeRule &rule,
                                             Adaptor op);
  }], "");
  let extraClassDefinition = [{
    ::llvm::LogicalResult $cppClass::inferReturnTypeComponents(
        ::mlir::MLIRContext *context, std::optional<::mlir::Location> location,
        ::mlir::ValueShapeRange operands, ::mlir::DictionaryAttr attributes,
        ::mlir::OpaqueProperties properties, ::mlir::RegionRange regions,
        ::llvm::SmallVectorImpl<::mlir::ShapedTypeComponents> &results) {
      Adaptor op(operands, attributes, properties, regions);
      ::mlmodel::ShapeRule rule(location, operands, op.getLayerAttr(),
                                getLayerField(), results);
      return }] # !if(!empty(sharedRule), "inferShapes(rule, op)",
                     "::mlmodel::rules::" # sharedRule # "(rule, op)") # [{;
    }
    ::llvm::LogicalResult $cppClass::verify() {
      return ::mlmodel::layer::verifyLayer(*this);
    }
    void $cppClass::getAsmResultNames(::mlir::OpAsmSetValueNameFn setName) {
      ::mlmodel::layer::nameResults(*this, setName);
    }
  }];
}

#endif // MLMODEL_DIALECT_MLMODEL_IR_LAYERBASE_TD
