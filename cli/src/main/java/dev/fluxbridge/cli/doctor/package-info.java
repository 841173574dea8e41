/**
 * {@code fluxbridge doctor}: looks whether settings and class path are as a phase of the migration
 * wants them, and whether the phase may end. Start at {@link
 * dev.fluxbridge.cli.doctor.DoctorCommand}.
 */
@NullMarked
package dev.fluxbridge.cli.doctor;

import org.jspecify.annotations.NullMarked;
