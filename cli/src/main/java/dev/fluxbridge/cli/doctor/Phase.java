package dev.fluxbridge.cli.doctor;

import java.util.List;

/** One phase of the migration, and what the doctor asks of it. */
interface Phase {

  /** Whether settings and class path are as this phase wants them. */
  List<Finding> stands(Deployment deployment);

  /** Whether it may end: whether the next one can begin. */
  List<Finding> mayEnd(Deployment deployment);
}
