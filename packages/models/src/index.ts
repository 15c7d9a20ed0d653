// Analysing
export { reducedSize } from './analyse/fact-input.ts';
export type { MatteModel } from './analyse/fact-maker.ts';
export type { AnalyseProgress } from './analyse/step.ts';
export {
  ANALYSER_VERSION,
  type AnalyseOptions,
  type Analyser,
  type AnalyserOptions,
  createAnalyser,
} from './analyser.ts';
// Catalogue
export {
  catalogue,
  type DownloadFile,
  type DownloadSource,
  derivedKey,
  getModel,
  type ModelEntry,
  type ModelId,
  type ModelInput,
  type ModelSource,
  type ModelTask,
  type PackageSource,
  toRunnableOnnx,
} from './catalogue/index.ts';
// Ports
export { checkRun, type DeclaredInput, type DeclaredModel } from './check-run.ts';
// Following
export { type CreateFollowerOptions, createFollower } from './follow/create-follower.ts';
export { createFollowBridge, type FollowBridge } from './follow/follow-bridge.ts';
export type { FollowedFrame, Follower, FollowerOptions, FollowQuality } from './follow/follower.ts';
export { type PoseSight, seePose, viewPerson } from './follow/person-evidence.ts';
export { createSightSchedule, type SightSchedule } from './follow/sight-schedule.ts';
// Gradients
export { type GradientOptions, logitsOf, withGradient } from './gradient/gradient.ts';
export { saliencyKey, toSaliencyOnnx } from './gradient/saliency-model.ts';
// Formats
export { type FaceNet, importWeightsManifest } from './import/face-nets.ts';
export { importTfjsGraph } from './import/tfjs.ts';
export { importTflite } from './import/tflite.ts';
// Loading
export { loadFrameDetector, loadModel } from './load-model.ts';
// ONNX graphs
export { GraphBuilder } from './onnx/builder.ts';
export type { OnnxModel, OnnxNode } from './onnx/model.ts';
export { prune } from './onnx/prune.ts';
export { readOnnx } from './onnx/read.ts';
export { writeOnnx } from './onnx/write.ts';
// A user's own models
export { nameOwnModels } from './own/name-own-models.ts';
export {
  assertOwnTask,
  checkOutput,
  describeOwnTask,
  fitInput,
  fitOutput,
  OWN_TASKS,
  type OwnModel,
  type OwnModelFit,
  type OwnTask,
} from './own/own-model.ts';
export { type OwnModelFile, type OwnOnnx, toOwnOnnx } from './own/to-own-onnx.ts';
// What a platform gives
export type {
  Device,
  LoadOptions,
  MemoryProfile,
  ModelStore,
  RunOptions,
  Runtime,
  Session,
  Tensor,
  TensorData,
} from './ports.ts';
// Sessions
export { createSessions, type Sessions } from './sessions.ts';
// Tasks
export { alignFace, createFaceTemplate, type FaceTemplate, fitSimilarity, fitTemplate } from './tasks/align-face.ts';
export { classify, parseLabels } from './tasks/classify.ts';
export { type ComparedPictures, measureLikeness } from './tasks/compare-faces.ts';
export { type ExpressionSessions, readExpression } from './tasks/expression.ts';
export type { FaceCandidate, FaceKeyPoints } from './tasks/faces/candidates.ts';
export { type DetectFacesOptions, detectFaces, type FaceEffort, type FaceSessions } from './tasks/faces/detect.ts';
export { toFacePoints } from './tasks/faces/points.ts';
export { findPossibleFaces, type PossibleFaceOptions, type PossibleFaceSessions } from './tasks/faces/possible.ts';
export { measureFaceQuality, type QualityPoints } from './tasks/faces/quality.ts';
export { type FaceDetector, type FoundFace, findFaces } from './tasks/faces.ts';
export { fuseMattes, isPersonFound } from './tasks/fuse-mattes.ts';
export { describeFace } from './tasks/identity.ts';
export { type FaceLandmarks, type FacePlace, MESH_POINTS, readLandmarks } from './tasks/landmarks.ts';
export { MATTE_SIDE, runMatte } from './tasks/matte.ts';
export { COCO_NAMES } from './tasks/objects/coco-names.ts';
export { type FindObjectsOptions, findObjects, seeFrame } from './tasks/objects.ts';
export { type FaceOfPerson, personBoxesFrom } from './tasks/people/boxes.ts';
export {
  type PeopleSessions,
  type PersonBox,
  personSceneMatte,
  type SegmentPeopleOptions,
  segmentPeople,
} from './tasks/people.ts';
export { runPersonMatte, runPersonMatteOnce } from './tasks/person-matte.ts';
export { type ClassEvidence, findClassifierEvidence, findDetectorEvidence, toSaliencyFact } from './tasks/saliency.ts';
export { segmentThings } from './tasks/things.ts';
export { createNanotrack, type NanotrackOptions } from './tasks/track/nanotrack.ts';
