package dev.fluxbridge.benchmarks.fal;

import dev.fluxbridge.providers.fal.EndpointId;
import dev.fluxbridge.providers.fal.FalClient;
import dev.fluxbridge.providers.fal.FalOptions;
import java.net.URI;

/** Submits over and over with one client, and tells what the process keeps after each turn. */
public final class Submits {
  private static final EndpointId ENDPOINT = EndpointId.parse("fal-ai/flux/dev");
  private static final String INPUT = "{\"prompt\":\"a red fox\",\"num_images\":1}";

  private Submits() {}

  /** {@code args}: the stand-in's address. */
  public static void main(String[] args) throws Exception {
    try (FalClient client = new FalClient(Call.config(URI.create(args[0])))) {
      Turns.take(
          times -> {
            for (int i = 0; i < times; i++) {
              if (i % 2 == 0) {
                client.submit(ENDPOINT, INPUT);
              } else {
                client.submitAsync(ENDPOINT, INPUT, FalOptions.NONE).join();
              }
            }
            return Footprint.now().json("");
          });
    }
    System.exit(0);
  }
}
