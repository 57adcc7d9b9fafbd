/** A run is a job: the same states, the same events. */
export {
  afterJobEvent as afterRunEvent,
  hasEnded,
  type JobEvent as RunEvent,
} from "@/lib/platform/jobs/job-state";
