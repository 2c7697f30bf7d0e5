import { peakUsers, type LoadProfile, type LoadStage } from '../load.js';

/**
 * A profile that is changed again and again, without the details of its distant past. Its users
 * from the kept stages on, its peak and its end stay the same.
 * @param keep the number of stages to keep; a profile with up to twice as many is left alone
 */
export function withShortPast(profile: LoadProfile, keep: number): LoadProfile {
  const { fromUsers, stages } = profile;
  if (stages.length <= 2 * keep) return profile;
  const past = stages.slice(0, -keep);
  const last = past.at(-1)!.toUsers;
  const durationMs = past.reduce((sum, stage) => sum + (stage.durationMs ?? 0), 0);
  const jump = (toUsers: number): LoadStage => ({ durationMs: 0, toUsers });
  return {
    fromUsers,
    stages: [
      jump(peakUsers({ fromUsers, stages: past })),
      jump(last),
      { durationMs, toUsers: last },
      ...stages.slice(-keep),
    ],
  };
}
