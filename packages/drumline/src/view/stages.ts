import { describeStage } from '@drumline/model';
import type { StageView, StatusView } from '@drumline/wire';

/** The current stage of a part, with its user type if other parts run beside it. */
export function stageText({ stages }: Pick<StatusView, 'stages'>, stage: StageView): string {
  const text = describeStage(stage);
  const isForAll = stages.every(
    ({ userTypes }) => userTypes.length === stage.userTypes.length && stages.length === 1,
  );
  return isForAll || stage.userTypes.length !== 1 ? text : `${stage.userTypes[0]!}: ${text}`;
}
