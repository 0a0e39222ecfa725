//===- ModelOps.td -------------------------------------*- tablegen -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_DIALECT_MLMODEL_IR_MODELOPS_TD
#define MLMODEL_DIALECT_MLMODEL_IR_MODELOPS_TD

include "MLModel/Dialect/MLModel/IR/Attributes.td"
include "MLModel/Dialect/MLModel/IR/Interfaces.td"
include "mlir/IR/OpAsmInterface.td"
include "mlir/IR/RegionKindInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def MLModel_ModelOp : Op<MLModel_Dialect, "model",
    [IsolatedFromAbove, NoTerminator, SingleBlock, NoRegionArguments]> {
  let summary = "a model file, or one stage of a pipeline";
  let description = [{
    The message `Model`: specification version, the description of inputs,
    outputs, states and metadata, and in its body one operation for the model's
    type. `wire` views the original bytes where the file's encoding is not the
    canonical one (fields out of order, explicit defaults, ...); the exporter
    writes them back as long as the model says the same.
  }];
  let arguments = (ins
    MLModel_Int:$specificationVersion,
    MLModel_Message:$description,
    MLModel_Bool:$isUpdatable,
    OptionalAttr<ElementsAttr>:$wire,
    OptionalAttr<StrAttr>:$unknown);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "attr-dict-with-keyword $body";
  let skipDefaultBuilders = 1;
  let builders = [
    OpBuilder<(ins "::llvm::ArrayRef<::mlir::NamedAttribute>":$attributes), [{
      $_state.addAttributes(attributes);
      $_state.addRegion();
    }]>
  ];
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    /// The one operation in the body that is the model's content.
    ::mlmodel::ModelTypeOpInterface getContent();
  }];
}

def MLModel_NetworkOp : Op<MLModel_Dialect, "network",
    [IsolatedFromAbove, SingleBlock, MLModel_ModelTypeOpInterface,
     DeclareOpInterfaceMethods<OpAsmOpInterface, ["getAsmBlockArgumentNames"]>]> {
  let summary = "a neural network, classifier or regressor";
  let description = [{
    Block arguments are the inputs of the model's description, in its order and
    named by `inputNames`; the terminator returns the blobs that the
    description's outputs name (`outputNames`).
  }];
  let arguments = (ins
    MLModel_Enum<["neuralNetwork", "neuralNetworkClassifier",
                  "neuralNetworkRegressor"], "neuralNetwork">:$kind,
    StrArrayAttr:$inputNames,
    StrArrayAttr:$outputNames,
    MLModel_Messages:$preprocessing,
    MLModel_Enum<["RANK5_ARRAY_MAPPING", "EXACT_ARRAY_MAPPING"],
                 "RANK5_ARRAY_MAPPING">:$arrayInputShapeMapping,
    MLModel_Enum<["RANK5_IMAGE_MAPPING", "RANK4_IMAGE_MAPPING"],
                 "RANK5_IMAGE_MAPPING">:$imageInputShapeMapping,
    MLModel_Message:$updateParams,
    MLModel_Message:$stringClassLabels,
    MLModel_Message:$int64ClassLabels,
    MLModel_String:$labelProbabilityLayerName,
    OptionalAttr<StrAttr>:$unknown);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "attr-dict-with-keyword $body";
  let skipDefaultBuilders = 1;
  let builders = [
    OpBuilder<(ins "::llvm::ArrayRef<::mlir::NamedAttribute>":$attributes), [{
      $_state.addAttributes(attributes);
      $_state.addRegion();
    }]>
  ];
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    ::llvm::StringRef getModelField() { return getKind(); }
  }];
}

def MLModel_OutputOp : Op<MLModel_Dialect, "output",
    [Terminator, ParentOneOf<["NetworkOp"]>]> {
  let summary = "the blobs a network returns";
  let arguments = (ins Variadic<AnyTensor>:$values);
  let assemblyFormat = "attr-dict ($values^ `:` type($values))?";
}

def MLModel_YieldOp : Op<MLModel_Dialect, "yield", [Terminator]> {
  let summary = "the blobs a branch or loop body leaves behind";
  let arguments = (ins Variadic<AnyTensor>:$values);
  let assemblyFormat = "attr-dict ($values^ `:` type($values))?";
}

def MLModel_UnknownLayerOp : Op<MLModel_Dialect, "unknown_layer", []> {
  let summary = "a layer that this version does not know";
  let description = [{
    Kept so that the model can be written back; refused by everything that
    would have to understand it. `bytes` is the layer's whole encoding beside
    names and blobs, `field` the number of the unknown layer kind (0: none set).
  }];
  let arguments = (ins MLModel_LayerAttr:$layer, Variadic<AnyTensor>:$inputs,
                       MLModel_Int:$field);
  let results = (outs Variadic<AnyTensor>:$outputs);
  let assemblyFormat = [{
    $layer `(` $inputs `)` attr-dict `:` functional-type($inputs, $outputs)
  }];
}

def MLModel_PipelineOp : Op<MLModel_Dialect, "pipeline",
    [IsolatedFromAbove, NoTerminator, SingleBlock, NoRegionArguments,
     MLModel_ModelTypeOpInterface]> {
  let summary = "models that feed each other";
  let arguments = (ins
    MLModel_Enum<["pipeline", "pipelineClassifier", "pipelineRegressor"],
                 "pipeline">:$kind,
    MLModel_Strings:$names,
    OptionalAttr<StrAttr>:$unknown);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "attr-dict-with-keyword $body";
  let skipDefaultBuilders = 1;
  let builders = [
    OpBuilder<(ins "::llvm::ArrayRef<::mlir::NamedAttribute>":$attributes), [{
      $_state.addAttributes(attributes);
      $_state.addRegion();
    }]>
  ];
  let extraClassDeclaration = [{
    ::llvm::StringRef getModelField() { return getKind(); }
  }];
}

// A model type without a graph: its message is kept as one dictionary.
class MLModel_ModelType<string mnemonic, string modelField>
    : Op<MLModel_Dialect, mnemonic, [MLModel_ModelTypeOpInterface]> {
  let summary = "the model type `" # modelField # "`";
  let arguments = (ins DictionaryAttr:$params);
  let assemblyFormat = "$params attr-dict";
  let extraClassDeclaration = [{
    static ::llvm::StringRef getModelFieldName() {
      return "}] # modelField # [{";
    }
    ::llvm::StringRef getModelField() { return getModelFieldName(); }
  }];
}

def MLModel_GlmRegressorOp
    : MLModel_ModelType<"glm_regressor", "glmRegressor">;
def MLModel_SupportVectorRegressorOp
    : MLModel_ModelType<"support_vector_regressor", "supportVectorRegressor">;
def MLModel_TreeEnsembleRegressorOp
    : MLModel_ModelType<"tree_ensemble_regressor", "treeEnsembleRegressor">;
def MLModel_BayesianProbitRegressorOp
    : MLModel_ModelType<"bayesian_probit_regressor", "bayesianProbitRegressor">;
def MLModel_GlmClassifierOp
    : MLModel_ModelType<"glm_classifier", "glmClassifier">;
def MLModel_SupportVectorClassifierOp
    : MLModel_ModelType<"support_vector_classifier", "supportVectorClassifier">;
def MLModel_TreeEnsembleClassifierOp
    : MLModel_ModelType<"tree_ensemble_classifier", "treeEnsembleClassifier">;
def MLModel_KNearestNeighborsClassifierOp
    : MLModel_ModelType<"k_nearest_neighbors_classifier", "kNearestNeighborsClassifier">;
def MLModel_ItemSimilarityRecommenderOp
    : MLModel_ModelType<"item_similarity_recommender", "itemSimilarityRecommender">;
def MLModel_MlProgramOp
    : MLModel_ModelType<"ml_program", "mlProgram">;
def MLModel_CustomModelOp
    : MLModel_ModelType<"custom_model", "customModel">;
def MLModel_LinkedModelOp
    : MLModel_ModelType<"linked_model", "linkedModel">;
def MLModel_ClassConfidenceThresholdingOp
    : MLModel_ModelType<"class_confidence_thresholding", "classConfidenceThresholding">;
def MLModel_OneHotEncoderOp
    : MLModel_ModelType<"one_hot_encoder", "oneHotEncoder">;
def MLModel_ImputerOp
    : MLModel_ModelType<"imputer", "imputer">;
def MLModel_FeatureVectorizerOp
    : MLModel_ModelType<"feature_vectorizer", "featureVectorizer">;
def MLModel_DictVectorizerOp
    : MLModel_ModelType<"dict_vectorizer", "dictVectorizer">;
def MLModel_ScalerOp
    : MLModel_ModelType<"scaler", "scaler">;
def MLModel_CategoricalMappingOp
    : MLModel_ModelType<"categorical_mapping", "categoricalMapping">;
def MLModel_NormalizerOp
    : MLModel_ModelType<"normalizer", "normalizer">;
def MLModel_ArrayFeatureExtractorOp
    : MLModel_ModelType<"array_feature_extractor", "arrayFeatureExtractor">;
// The layer of the same name keeps the plain mnemonic.
def MLModel_NonMaximumSuppressionModelOp
    : MLModel_ModelType<"non_maximum_suppression_model", "nonMaximumSuppression">;
def MLModel_IdentityOp
    : MLModel_ModelType<"identity", "identity">;
def MLModel_TextClassifierOp
    : MLModel_ModelType<"text_classifier", "textClassifier">;
def MLModel_WordTaggerOp
    : MLModel_ModelType<"word_tagger", "wordTagger">;
def MLModel_VisionFeaturePrintOp
    : MLModel_ModelType<"vision_feature_print", "visionFeaturePrint">;
def MLModel_SoundAnalysisPreprocessingOp
    : MLModel_ModelType<"sound_analysis_preprocessing", "soundAnalysisPreprocessing">;
def MLModel_GazetteerOp
    : MLModel_ModelType<"gazetteer", "gazetteer">;
def MLModel_WordEmbeddingOp
    : MLModel_ModelType<"word_embedding", "wordEmbedding">;
def MLModel_AudioFeaturePrintOp
    : MLModel_ModelType<"audio_feature_print", "audioFeaturePrint">;
def MLModel_SerializedModelOp
    : MLModel_ModelType<"serialized_model", "serializedModel">;

#endif // MLMODEL_DIALECT_MLMODEL_IR_MODELOPS_TD
