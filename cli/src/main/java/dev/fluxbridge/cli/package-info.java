/** The {@code fluxbridge} command. Start at {@link dev.fluxbridge.cli.FluxbridgeCommand}. */
@NullMarked
package dev.fluxbridge.cli;

import org.jspecify.annotations.NullMarked;
