// Hiding people
export {
  type AnonymisedPicture,
  type AttackTools,
  attackAnonymised,
  type ComparedFaces,
  toPlainCover,
} from './anonymise/attack.ts';
export { describeVerdict } from './anonymise/describe-report.ts';
export { type HiddenTarget, type HideOptions, listHidden, outlineHidden } from './anonymise/hidden.ts';
export {
  type CoverOutline,
  convexHull,
  headRight,
  outlineHead,
  outlinePerson,
  outlineSilhouette,
} from './anonymise/outline.ts';
export { type CoverOptions, type Hidden, planCovers } from './anonymise/paint.ts';
export {
  type AnonymiseReport,
  type AttackedPlace,
  type HiddenEntry,
  type HiddenEvidence,
  type HiddenVerdict,
  isUnder,
  listAttacked,
  toAnonymiseReport,
} from './anonymise/report.ts';
// Errors

// Running work
export { type Pass, type Plan, type RunPlanOptions, runPlan } from './async/plan.ts';
export { createThreadCache, type ThreadCache } from './async/thread-cache.ts';
export { anonymise, anonymiseNeeds, toCoverStyle, toHideOptions } from './effects/anonymise.ts';
// What draws a bokeh by other means
export { countBlurLevels, type LevelRadii, levelRadii, mostOn } from './effects/bokeh/blur.ts';
export * as bokehFigures from './effects/bokeh/figures.ts';
export { createLevelSizes, type LevelSize } from './effects/bokeh/frame.ts';
export { type BokehTables, createBokehTables } from './effects/bokeh/tables.ts';
export { describeParameters, type ParameterInfo, parseParameters } from './effects/describe.ts';
// Effects
export type {
  AssetSpec,
  Effect,
  EffectInput,
  EffectStep,
  LayOutText,
  ParameterMeta,
  Selection,
} from './effects/effect.ts';
export { implyParameters } from './effects/imply.ts';
export { effects, getEffect } from './effects/index.ts';
export {
  planShadeRun,
  planShader,
  type ShadeRow,
  type ShadeRows,
  type Shader,
  type ShadeStep,
} from './effects/shade.ts';
export { type ErrorCode, type ErrorData, FocalError, fromErrorData, throwIfAborted, toErrorData } from './errors.ts';
// Filters
export { type Code, compile, instantiate, op, simd } from './filters/assemble.ts';
export { type Between, createBetween } from './filters/between.ts';
export { boxFilter } from './filters/box.ts';
export {
  type Aperture,
  type ApertureShape,
  createDiscKernels,
  type DiscKernels,
  RADIUS_STEP,
} from './filters/disc-kernels.ts';
export { NO_DISTANCE, squaredDistances } from './filters/distance.ts';
export { DITHER_X, DITHER_Y } from './filters/dither.ts';
export { type FinerGuide, type GuidedFilterOptions, guidedEnlarge, guidedFilter } from './filters/guided.ts';
export { advance, repeat } from './filters/vectors.ts';
// Focus
export { createCorrelationTracker } from './focus/correlation/correlation-tracker.ts';
export {
  createFocusSession,
  type FocusDetection,
  type FocusFrame,
  type FocusSession,
  type FocusSight,
  type FocusState,
  type FocusView,
  type SightWish,
} from './focus/focus-session.ts';
export { createLiveHider, type LiveHider, type SeenPeople } from './focus/hide/live-hider.ts';
export type { FeatureMap } from './focus/looks/feature-map.ts';
export { createMaskBridge, type MaskBridge, MOST_BRIDGED } from './focus/mask/mask-bridge.ts';
export { createMaskCarrier, type MaskCarrier, type MaskEvidence } from './focus/mask/mask-carrier.ts';
export { areaAround, type Grid, readGrid, toArea, toGrid, toRegion, WHOLE_FRAME } from './focus/mask/view.ts';
export { resizeBox } from './focus/moved-boxes.ts';
export { createFocusBlur, type FocusBlur } from './focus/render/focus-blur.ts';
export { createFocusLayerer, type FocusLayerer, type FocusLayers } from './focus/render/focus-layers.ts';
export { createFocusPull, type FocusPull, type FocusShot, type InFocus } from './focus/render/focus-pull.ts';
export {
  createFocusDrawer,
  createFocusRenderer,
  type FocusDrawer,
  type FocusRenderer,
} from './focus/render/focus-renderer.ts';
export { type FocusLook, focusLook, focusLookSettings, parseLookSettings } from './focus/render/look.ts';
export { clampTarget, type Target, targetBox, toTarget } from './focus/target.ts';
export type { Tracker, TrackStep } from './focus/tracker.ts';
// Mattes at full size
export { planCut, planCutAlong } from './matte/cut.ts';
export { cutAtPoint, cutByTrimap, cutInBox } from './matte/grabcut/subject-cut.ts';
export { packBits, unpackBits } from './matte/packbits.ts';
export { planRefineMatte } from './matte/refine.ts';
export { createSteadyMatte, type SteadyMatte } from './matte/steady-matte.ts';
// Metadata
export type { CameraFacts, CaptureFacts, InspectedFile } from './media/media-file.ts';
export { type EmbedFormat, embedExif, findExifBlock } from './metadata/embed-exif.ts';
export {
  createExifBlock,
  EXIFR_OPTIONS,
  type ExifValues,
  METADATA_CHOICES,
  type MetadataChoice,
} from './metadata/exif-block.ts';
// People
export type { KnownFace, MemoryChange, PeopleChange, SetChange } from './people/changes.ts';
export {
  createPeople,
  type NearFace,
  type NewFace,
  type People,
  type PeopleOptions,
} from './people/people.ts';
export { type PeopleState, type StoredFace, WEAK_QUALITY } from './people/people-state.ts';
export type { PeopleSuggestion } from './people/suggest.ts';
// Pictures and mattes
export { type Affine, applyAffine, fromTurnedCrop, invertAffine, type TurnedCrop } from './picture/affine.ts';
export { isColor, parseColor, type Rgb } from './picture/color.ts';
export { fitSize } from './picture/fit-size.ts';
export { createMatte, type Matte } from './picture/matte.ts';
export { findPalette, type PaletteColor } from './picture/palette.ts';
export { HASH_SIDE, perceptualHash } from './picture/perceptual-hash.ts';
export {
  type Allocate,
  allocateLocal,
  assertSize,
  type Bytes,
  type ColorSpace,
  createPicture,
  type Picture,
} from './picture/picture.ts';
export {
  planResizeMatte,
  planResizePicture,
  type Region,
  type ResizeOptions,
  resizeMatte,
  resizePicture,
} from './picture/resize.ts';
export { createSrgbTables, type SrgbTables } from './picture/srgb.ts';
export type { ResizeFilter } from './picture/taps.ts';
export { type PictureTensor, type TensorOptions, toTensor } from './picture/tensor.ts';
export { cropPicture, trimToSubject } from './picture/trim.ts';
export { type WarpOptions, warpPicture } from './picture/warp.ts';
// PNG
export { crc32 } from './png/crc32.ts';
export { createRowPacker, type PackedRows, packedBound, type RowPacker, type RowPackerOptions } from './png/packer.ts';
// Recipes
export {
  type Correction,
  type CorrectionInput,
  correctionNeeds,
  type Edits,
  edgeOf,
  editsSchema,
} from './recipe/corrections/edits.ts';
export { CORRECTION_LIMITS } from './recipe/corrections/limits.ts';
export { planCorrections, type ResolvedCorrection } from './recipe/corrections/plan.ts';
export {
  type Corrected,
  type CorrectedSelection,
  type CorrectorOptions,
  createCorrector,
  pickMatte,
} from './recipe/corrections/resolve.ts';
export { coverRow, paintOver, type Stroke, type StrokeInPixels, toPixels } from './recipe/corrections/stroke.ts';
export {
  type CheckedStep,
  checkSteps,
  createRecipe,
  isCorrected,
  isPortableRecipe,
  mayClear,
  parseRecipe,
  RECIPE_VERSION,
  type Recipe,
  type RecipeStep,
  recipeNeeds,
  recipeSchema,
  stepNeeds,
} from './recipe/recipe.ts';
export {
  type KeptWork,
  planInverseMatte,
  planRecipe,
  planRecipeRun,
  planRecipeStep,
  planSelection,
  type RecipeInput,
  type RunResult,
  selectedMatte,
} from './recipe/render.ts';
export {
  findKnownPeople,
  type KnownPerson,
  type ResolvedRecipe,
  type ResolvedSelection,
  type ResolvedStep,
  type ResolveOptions,
  resolveRecipe,
  resolveSelector,
  type SkippedStep,
  SURELY_SAME,
  takeNobody,
} from './recipe/resolve.ts';
export { type HandedCuts, handedCuts, type RecipeRun, recipeRuns, selectionKey } from './recipe/runs.ts';
export {
  formatSelector,
  isPortable,
  parseSelector,
  type Selector,
  selectorNeeds,
  selectorSchema,
} from './recipe/selector.ts';
// Scenes
export { type Aspect, parseAspect } from './scene/aspect.ts';
export { cropToAspect, toCropRegion } from './scene/crops.ts';
export { faceDistance } from './scene/face-distance.ts';
export { completeFacts, isFact, MAIN_SUBJECT_FACTS } from './scene/facts.ts';
export {
  absoluteBox,
  type Box,
  boxArea,
  boxCentre,
  boxIou,
  boxShareWithin,
  clampBox,
  intersectBoxes,
  isInBox,
  type Point,
  relativeBox,
} from './scene/geometry.ts';
export { drawHeat, toFullMap } from './scene/heat.ts';
export { findMainSubject, type MainSubject, type SubjectEvidence } from './scene/main-subject.ts';
export { drawOverlay } from './scene/overlay.ts';
export { type Pick, type PickBasis, type PickScene, pickSubject } from './scene/pick.ts';
export { type PickJson, pickSchema, toPickedScene, toPickJson } from './scene/picked.ts';
export { posterMs } from './scene/poster-time.ts';
export { sceneProvenance } from './scene/provenance.ts';
export { alphaAt, deepestPoint, regionArea, toRegionMatte } from './scene/region.ts';
export {
  type ClassScore,
  type DetectedObject,
  type Expression,
  type ExpressionName,
  FACTS,
  type Face,
  type FacePoints,
  type FaceQuality,
  type FacesFact,
  type Fact,
  type MatteFact,
  type ObjectsFact,
  type PossibleFace,
  type PossibleFacesFact,
  type Provenance,
  type RegionMatte,
  type SaliencyBasis,
  type SaliencyFact,
  type Scene,
  type Subject,
  type SubjectsFact,
} from './scene/scene.ts';
export {
  fromSceneJson,
  type MatteJson,
  SCENE_JSON_VERSION,
  type SceneJson,
  type SceneJsonOptions,
  sceneSchema,
  toMatteSize,
  toPackedMatte,
  toSceneJson,
} from './scene/scene-json.ts';
export {
  assertMood,
  chooseLook,
  SMART_FACTS,
  type SmartChoice,
  type SmartOptions,
  type TaggedBackground,
  wordsOfName,
} from './smart/choose.ts';
export { createDefaultRules } from './smart/default-rules.ts';
export { parseRules, type Rules, rulesSchema } from './smart/rules.ts';
// Text
export { type EdgeSink, flattenOutline } from './text/flatten.ts';
export {
  assertOutline,
  type Bounds,
  createOutlineWriter,
  type Outline,
  type OutlineWriter,
  outlineBounds,
  VERB,
} from './text/outline.ts';
export { type CaptionPlace, type PlacedCaption, placeCaption } from './text/place-caption.ts';
export { type FillOptions, planFillOutline } from './text/raster.ts';
export {
  completeTextOptions,
  MAX_TEXT_LENGTH,
  MAX_TEXT_PX,
  type TextAlign,
  type TextBlock,
  type TextDirection,
  type TextLayout,
  type TextLine,
  type TextOptions,
} from './text/text-layout.ts';
