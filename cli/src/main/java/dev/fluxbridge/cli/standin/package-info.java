/**
 * Providers on this machine, for people without keys: for the demo and for rehearsals. Start at
 * {@link dev.fluxbridge.cli.standin.FalStandIn}.
 */
@NullMarked
package dev.fluxbridge.cli.standin;

import org.jspecify.annotations.NullMarked;
