/**
 * fal's client against bare OkHttp and fal's own clients, on loopback: {@code fal_client.py} beside
 * this module starts the processes, lets them take turns and prints the tables.
 */
@NullMarked
package dev.fluxbridge.benchmarks.fal;

import org.jspecify.annotations.NullMarked;
