/** Terms that stand on the first screen before a text explains them. */

export const SUPPRESSION =
  "Several pairs may frame one object. NMS (non-maximum suppression) keeps the best box of those that overlap; " +
  "soft-NMS keeps all, and lowers the scores of the others.";
